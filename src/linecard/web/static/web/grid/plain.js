// A page with a grid that has no verbs of its own.
import { startGrid } from "./grid.js";

startGrid();
