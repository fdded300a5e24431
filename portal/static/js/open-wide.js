// A <details> that is folded on a phone and open on a wide screen, as long as the reader has not decided otherwise.
export function openWhenWide(details) {
  const wide = matchMedia(`(min-width: ${details.dataset.openWide})`);
  const follow = () => {
    details.open = wide.matches;
  };
  wide.addEventListener("change", follow);
  follow();
}
