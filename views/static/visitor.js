// Keeps who is visiting in cookies: a token that only this browser knows and, on a page that only this machine reaches,
// the hand that was chosen.
const RELOADED = "draw-a-digit-reloaded";
const MOMENT = 300; // milliseconds, after which tabs that were greeted at the same moment have all written theirs

export default function ({ data: { path, token, name } }) {
  // Of tabs that are greeted at the same moment, the one whose token is kept in the end is right. Any other begins anew
  // as the same visitor, once.
  const giveWay = () => {
    const kept = read(token.cookie);
    const other = token.value && kept?.length === token.value.length && kept !== token.value;
    if (!other || sessionStorage.getItem(RELOADED)) return false;
    sessionStorage.setItem(RELOADED, true);
    location.reload();
    return true;
  };
  if (giveWay()) return;
  const value = token.value ?? read(token.cookie);
  if (value) keep(path, token.cookie, value);
  setTimeout(giveWay, MOMENT); // another tab may have written between reading and writing
  if (name.value) keep(path, name.cookie, name.value);
}
