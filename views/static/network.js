// Keeps which network this visitor reads with.
export default function ({ data: { path, cookie, value } }) {
  if (value) keep(path, cookie, value);
}
