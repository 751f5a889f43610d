"""The pages of an SQLCipher 4 file as its raw key shows them, free pages too: what is left for who has the key."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from posyandu.storage.engine import PAGE_BYTES as PAGE

RESERVED = 80


def decrypted(content: bytes, key: bytes) -> bytes:
    """Every page decrypted (AES-256-CBC, IV in the reserved end), salt of the first page left out."""
    found = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        body = page[16 if start == 0 else 0 : PAGE - RESERVED]
        vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
        opened = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        found.append(opened.update(body) + opened.finalize())
    return b"".join(found)
