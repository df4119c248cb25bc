"""What axe finds wrong with a page for people who do not see it, or use it without a mouse."""

from axe_playwright_python.sync_playwright import Axe

from tests.support.traffic import show

SERIOUS = ("serious", "critical")
# Streamlit follows the scheme of the system in its own time, and its own elements before ours.
SHOWS = """scheme => {
    const isBright = (element, what) => Number(getComputedStyle(element)[what].match(/\\d+/)[0]) > 127;
    const isDark = !isBright(document.querySelector(".stApp"), "backgroundColor");
    const texts = [...document.querySelectorAll("h1, .st-key-answer, .layer-strip b")];
    return isDark === (scheme === "dark") && texts.every((each) => isBright(each, "color") === isDark);
}"""


def switch(page, scheme):
    """Makes the page light or dark, at once: half-way, hardly any text would stand out.

    The same goes for what is being run again, which Streamlit makes pale meanwhile.
    """
    page.add_style_tag(content="*, ::before, ::after { transition-duration: 0s !important; }")
    page.add_style_tag(content="[data-stale=true] { opacity: 1 !important; }")
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(SHOWS, arg=scheme)
    show(page)


def check_with_axe(page, state, schemes=("dark", "light")):
    """Checks that axe finds nothing serious in what the page shows."""
    for scheme in schemes:
        switch(page, scheme)
        found = Axe().run(page).response["violations"]
        serious = [
            f"{each['id']}: {node['html'][:300]} ({node['failureSummary']})"
            for each in found
            if each["impact"] in SERIOUS
            for node in each["nodes"]
        ]
        assert not serious, f"{state}, {scheme}: " + "\n".join(serious)
