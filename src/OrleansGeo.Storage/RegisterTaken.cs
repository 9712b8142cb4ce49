using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Storage;

/// <summary>An acceptor's decision, and what it holds afterwards.</summary>
public readonly record struct RegisterTaken(bool Granted, AcceptorState State);
