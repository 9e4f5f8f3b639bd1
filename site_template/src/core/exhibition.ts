// Written by `python -m exhibit.publish.webxr.typescript` from exhibit/publish/webxr/document.py: change it there.

export type Vector = [number, number, number];

/** The same text per language. */
export type Text = Readonly<Record<string, string>>;

/** One GLB of a relic. */
export interface ModelLevel {
  readonly name: 'thumb' | 'room' | 'hero' | 'inspect';
  readonly url: string;
  readonly triangles: number;
  readonly texture_px: number;
  readonly bytes: number;
  readonly gpu_bytes: number;
}

/** Narration of one language. */
export interface NarrationLinks {
  readonly audio: string | null;
  readonly captions: string | null;
  readonly duration_s: number;
  readonly synthetic: boolean;
  readonly transcript: string;
}

/** A hotspot in the relic's own space: metres, base at y = 0. */
export interface PlacedHotspot {
  readonly id: string;
  readonly position: Vector;
  readonly normal: Vector;
  readonly title: Text;
  readonly text: Text;
}

/** A relic in the room. */
export interface PlacedRelic {
  readonly id: string;
  /** Catalogue number, from 1. */
  readonly number: number;
  /** It is still being made: its plinth is there, empty. */
  readonly pending: boolean;
  readonly title: Text;
  readonly label: Text;
  /** Page address per language. */
  readonly page: Text;
  readonly poster: string;
  /** Bounding box of the model, metres. */
  readonly size: Vector;
  /** Where the relic's base centre stands, metres. */
  readonly position: Vector;
  /** Where the front faces, and the plinth's turn, degrees; 0 is the entrance (+Z). */
  readonly yaw_deg: number;
  /** Where the front is on the model: 0 is its +Z, 90 its +X. */
  readonly front_deg: number;
  readonly plinth: Plinth;
  /** From coarse to fine. */
  readonly levels: readonly ModelLevel[];
  /** None where the relic came as a mesh. */
  readonly points: PointCloud | null;
  readonly hotspots: readonly PlacedHotspot[];
  readonly narration: Readonly<Record<string, NarrationLinks>>;
}

/** The box under a relic, metres; its top is at `height`. A height of 0 means the relic stands on the floor. */
export interface Plinth {
  readonly width: number;
  readonly depth: number;
  readonly height: number;
}

/** Some of the scan's raw points, standing as the model does: what the relic was made from. */
export interface PointCloud {
  readonly url: string;
  readonly bytes: number;
  /** Points in the file. */
  readonly shown: number;
  /** Points in the scan. */
  readonly scanned: number;
}

/** Colours as sRGB hex (``#rrggbb``) and the strength of the light, from the style's ``room.toml``. */
export interface RoomLook {
  /** What is seen where there is nothing, and the fog. */
  readonly background: string;
  readonly floor: string;
  readonly wall: string;
  /** The wall that faces the entrance, with the exhibition's title. */
  readonly end_wall: string;
  readonly ceiling: string;
  readonly plinth: string;
  /** Skirting, door frame, numbers on plinths. */
  readonly trim: string;
  /** Colour of the lamps. */
  readonly light: string;
  /** Strength of the even light, 0 to 1. */
  readonly ambient: number;
  /** Strength of the lamp over each relic, 0 to 1. */
  readonly key: number;
}

/** The hall: a box, where one comes in, its style and what it looks like. */
export interface RoomShape {
  readonly style: string;
  readonly look: RoomLook;
  /** GLB of the hall, plinths and lamps; room_file.py explains its light map. */
  readonly model: string;
  readonly model_bytes: number;
  /** Whether the relics' shadows are in the light map. */
  readonly has_shadows: boolean;
  readonly wall_text: WallText;
  readonly width: number;
  readonly depth: number;
  readonly height: number;
  readonly entrance: Vector;
  readonly entrance_yaw_deg: number;
}

/** One line on the end wall: how high its letters are, and its base line below the top of the text, metres. */
export interface WallLine {
  /** 'other' is the title in a second language. */
  readonly kind: 'title' | 'other' | 'statement';
  readonly text: string;
  readonly size_m: number;
  readonly base_m: number;
}

/** Where the exhibition's title and statement stand on the end wall: their middle and their width, metres. */
export interface WallText {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Per language, from the top. */
  readonly lines: Readonly<Record<string, readonly WallLine[]>>;
}

/** The whole exhibition, for scripts. */
export interface ExhibitionDocument {
  readonly version: 1;
  readonly id: string;
  readonly languages: readonly string[];
  readonly title: Text;
  readonly statement: Text;
  readonly room: RoomShape;
  readonly relics: readonly PlacedRelic[];
}
