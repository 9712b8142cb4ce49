namespace OrleansGeo.Server.Auth;

/// <summary>What a token may allow. None includes another: an operator's token that is to read has both.</summary>
internal static class Scopes
{
    /// <summary>Reads: entities, and the state of the world.</summary>
    public const string Read = "geo.read";

    /// <summary>Writes to entities.</summary>
    public const string Write = "geo.write";

    /// <summary>What operators do to the world: drain, restore, failover, pins, the ledger.</summary>
    public const string Operate = "geo.operate";

    public static IReadOnlyList<string> All { get; } = [Read, Write, Operate];
}
