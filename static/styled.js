/* Does nothing, and in its place: a script behind the style sheets lets nothing of the page come
 * before them. In a frame Chromium lays out what it does not paint yet, and would count all of it as
 * having moved once the sheets are there: against the page around, which had promised that nothing
 * does. */
