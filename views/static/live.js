// Fills the images of an element without replacing them: of <img data-image="name">, the src becomes data.name.
export default function ({ data, parentElement }) {
  for (const image of parentElement.querySelectorAll("[data-image]")) image.src = data[image.dataset.image];
}
