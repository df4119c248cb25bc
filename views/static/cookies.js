// Cookies of this page, each kept for a year from the last visit. No other site is sent them.
const YEAR = 365 * 24 * 60 * 60; // seconds

const read = (cookie) => document.cookie.split("; ").find((each) => each.startsWith(`${cookie}=`))?.slice(cookie.length + 1);

const keep = (path, cookie, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${cookie}=${value}; Path=${path}; Max-Age=${YEAR}; SameSite=Strict${secure}`;
};
