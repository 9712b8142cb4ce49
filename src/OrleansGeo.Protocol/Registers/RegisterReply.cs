namespace OrleansGeo.Protocol.Registers;

/// <summary>An acceptor's answer.</summary>
/// <param name="Granted">Whether it did what was asked.</param>
/// <param name="State">What it holds afterwards, durably.</param>
/// <param name="Age">How long it has held that value, by its own clock and at least: an observer that begins now need not begin from nothing.</param>
/// <param name="IsProven">Whether its store is known to hold all that it held. If not, it may have promised or accepted what it knows nothing of.</param>
internal sealed record RegisterReply(bool Granted, AcceptorState State, TimeSpan Age, bool IsProven = true);
