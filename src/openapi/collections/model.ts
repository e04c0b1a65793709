import type { Operation } from '../operations.ts';
import type { Conjunction } from '../schema.ts';

export type Role = 'list' | 'create' | 'read' | 'replace' | 'update' | 'remove';

/** Where an item, or the list of them, stands in a body. */
export interface View {
  /** The schemas of the body. */
  body: Conjunction;
  /** The keys that lead from the body to the item or the list. */
  place: string[];
  /** The schemas of an item. */
  item: Conjunction;
}

/** What an operation does with the items of a collection. */
export interface CollectionOperation {
  role: Role;
  operation: Operation;
  /** Of its success. */
  status: number;
  /** Undefined where the body of its success has no item. */
  view: View | undefined;
  /** The same for 201, if `PUT` documents it: it creates items then. */
  made: View | undefined;
  /** The documented headers of its success, in small letters. */
  headers: ReadonlySet<string>;
}

/** Operations of a document that read and change the same items. */
export interface Collection {
  /** The path of the list, as the document has it. */
  path: string;
  operations: readonly CollectionOperation[];
  /** The property of an item that its path names; undefined where no path does, and no property is an id. */
  id: string | undefined;
  /** The parameters of the path, in order, each with the property of an item that has its value, if there is one. */
  parents: readonly { parameter: string; property: string | undefined }[];
  /** How an item is described where all of it is shown. */
  item: Conjunction;
  paging: Paging;
  /** The properties of the list's body that tell of its page. */
  envelope: readonly EnvelopeField[];
  /** The parameters of the list's query that are properties of an item. */
  filters: readonly string[];
}

/** The parameters that choose a page of a list. */
export interface Paging {
  /** The number of items of a page. */
  limit: string | undefined;
  /** That number where a request does not give one; undefined where it is all of them. */
  usual: number | undefined;
  most: number | undefined;
  /** The number of items before the page. */
  offset: string | undefined;
  page: { name: string; first: number } | undefined;
  /** A text that a page before gave, or the id of its last item. */
  cursor: { name: string; isNumber: boolean; isId: boolean } | undefined;
}

/** A property in the body of a list that tells of the page. */
export interface EnvelopeField {
  place: string[];
  /** `less`: whether there is a page before; `first`, `last`: whether it is this. */
  meaning:
    | ('total' | 'count' | 'pages' | 'page' | 'limit' | 'offset')
    | ('more' | 'less' | 'first' | 'last' | 'next' | 'previous');
  type: 'number' | 'boolean' | 'string';
  /** What says that there is nothing; undefined where the property is left out then. */
  none: null | '' | 0 | undefined;
  /** Whether its text is a URL, as far as its own schema and name tell. */
  isUrl: boolean;
}
