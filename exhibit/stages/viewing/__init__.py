"""What a picture of a room is made of: the room's surfaces, the relics in it, sheets on its walls."""
