/**
 * Keeps the page as high as what a phone's keyboard leaves of it: Safari lays the keyboard over the page and scrolls.
 *
 * Not while the customer has zoomed in: then less is visible for another reason.
 */
export function keepToVisibleHeight(view: VisualViewport | null, root: HTMLElement): void {
  const fit = () => {
    if (view && view.scale === 1) root.style.setProperty('--fx-height', `${view.height}px`);
    else root.style.removeProperty('--fx-height');
  };
  view?.addEventListener('resize', fit);
}
