namespace OrleansGeo.World.Drills;

/// <summary>A drill as asked for on the command line.</summary>
internal sealed record DrillOptions
{
    public const string Quorum = "quorum";
    public const string RegionDurability = "region";

    public required DrillKind Kind { get; init; }

    /// <summary>The region that it is done to.</summary>
    public required string Region { get; init; }

    /// <summary><see cref="Quorum"/> or <see cref="RegionDurability"/>: what the load writes to.</summary>
    public string Durability { get; init; } = Quorum;

    public bool IsQuorum => Durability == Quorum;

    public int Runs { get; init; } = 1;

    /// <summary>The goal: every shard acknowledges a write again after at most this long.</summary>
    public TimeSpan Rto { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The goal: at most so many acknowledged writes are lost (of durability <c>region</c>: and in no ledger).</summary>
    public int Rpo { get; init; }

    /// <summary><c>Geo-Deadline</c> of every request of the load.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Requests per second of the whole load, as far as the latencies allow.</summary>
    public int Rate { get; init; } = 200;

    /// <summary>How many entities are at home elsewhere, as a control.</summary>
    public int Controls { get; init; } = 8;

    /// <summary>How long the load runs before anything happens.</summary>
    public TimeSpan Before { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it runs on after each thing that happened.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long is waited for what must happen: recovery, catching up, homes that return.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);
}
