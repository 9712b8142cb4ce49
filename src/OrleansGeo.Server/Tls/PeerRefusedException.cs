namespace OrleansGeo.Server.Tls;

/// <summary>A connection was given up before anything was said on it: the peer is not who it must be, or does not speak TLS. The message names it.</summary>
internal sealed class PeerRefusedException(string message) : IOException(message);
