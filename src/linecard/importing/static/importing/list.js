// The list of uploads: work goes on without its pages, so the numbers move by themselves.
import { startGrid } from "../web/grid/grid.js";
import { keepFresh } from "../web/grid/refreshing.js";

keepFresh(startGrid());
