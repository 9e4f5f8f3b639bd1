"""What taking a picture is made of: the studio and its light."""
