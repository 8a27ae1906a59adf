// .side-nav: on a phone it is a strip that scrolls; the page that is shown must be in sight.
import { onEach } from "./enhance.js";

onEach('.side-nav [aria-current="page"]', (link) => link.scrollIntoView({ block: "nearest", inline: "center" }));
