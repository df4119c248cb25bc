"""A phone, and what in its sidebar is too low for a thumb."""

PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}
# What can be tapped in the sidebar and is lower than a thumb needs. Behind each "?" is only a hint, and a select box
# opens wherever it is tapped.
SMALL = """() => {
    const exempt = "[aria-label=Open], [aria-label^=Help]";
    const kinds = "button, summary, .stSelectbox [role=group], [data-testid=stNumberInputContainer], .stCheckbox label";
    return [...document.querySelectorAll("[data-testid=stSidebar] :is(" + kinds + ")")]
        .filter(each => each.getClientRects().length && !each.matches(exempt))
        .filter(each => each.getBoundingClientRect().height < 44)
        .map(each => each.outerHTML.slice(0, 200));
}"""
