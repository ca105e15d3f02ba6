"""mariadb_client.py - a MariaDB connection in a page, for watchers that share no code with what they watch.

Plain TCP, mysql_native_password, text protocol, answers below 16 MiB. A refused query raises RuntimeError.
"""
import configparser
import hashlib
import socket
import struct


class Connection:
    """One connection, as an option file of the client programs says: its group [client], and [client<suffix>]."""

    def __init__(self, option_file, suffix=""):
        options = configparser.ConfigParser(interpolation=None)
        with open(option_file, encoding="utf-8") as file:
            options.read_file(file)
        merged = dict(options["client"])
        if suffix:
            merged.update(options["client" + suffix])
        self.socket = socket.create_connection((merged["host"], int(merged["port"])))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self._log_in(merged["user"], merged["password"])

    def _read(self):
        head = self.file.read(4)
        if len(head) < 4:
            raise RuntimeError("the server closed the connection")
        self.sequence = head[3] + 1
        packet = self.file.read(int.from_bytes(head[:3], "little"))
        if packet[:1] == b"\xff":
            raise RuntimeError(packet[3:].decode("utf-8", "replace"))
        return packet

    def _write(self, packet, sequence):
        self.socket.sendall(len(packet).to_bytes(3, "little") + bytes([sequence]) + packet)

    def _log_in(self, user, password):
        greeting = self._read()
        at = greeting.index(b"\0", 1) + 1 + 4
        scramble = greeting[at:at + 8] + greeting[at + 8 + 1 + 2 + 1 + 2 + 2 + 1 + 10:][:12]
        first = hashlib.sha1(password.encode()).digest()
        mask = hashlib.sha1(scramble + hashlib.sha1(first).digest()).digest()
        proof = bytes(a ^ b for a, b in zip(first, mask))
        flags = 0x00000200 | 0x00008000 | 0x00080000  # protocol 4.1, secure connection, plugin's name
        self._write(struct.pack("<IIB23x", flags, 1 << 24, 45) + user.encode() + b"\0" +
                    bytes([len(proof)]) + proof + b"mysql_native_password\0", self.sequence)
        self._read()

    @staticmethod
    def _texts(packet):
        """The columns of a row: texts, or None for NULL."""
        texts, at = [], 0
        while at < len(packet):
            first = packet[at]
            at += 1
            if first == 0xFB:
                texts.append(None)
                continue
            n_bytes = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(first, 0)
            length = int.from_bytes(packet[at:at + n_bytes], "little") if n_bytes else first
            at += n_bytes
            texts.append(packet[at:at + length].decode("utf-8", "replace"))
            at += length
        return texts

    def query(self, sql):
        """The rows of the answer; none for statements that have none."""
        self._write(b"\x03" + sql.encode(), 0)
        packet = self._read()
        if packet[:1] == b"\0":
            return []
        while self._read()[:1] != b"\xfe":  # the columns' descriptions, up to their end
            pass
        rows = []
        while True:
            packet = self._read()
            if packet[:1] == b"\xfe" and len(packet) < 9:
                return rows
            rows.append(self._texts(packet))
