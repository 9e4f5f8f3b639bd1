// The one entry of every page: starts what the page asks for (see CONTRACT.md).
export {};
