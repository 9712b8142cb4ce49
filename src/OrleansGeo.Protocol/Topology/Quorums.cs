namespace OrleansGeo.Protocol.Topology;

/// <summary>How many regions it takes. Whoever decides asks this value, and counts no regions.</summary>
/// <param name="Regions">How many vote.</param>
internal readonly record struct Quorums(int Regions)
{
    /// <summary>Any two majorities share a region.</summary>
    public int Majority => (Regions / 2) + 1;

    /// <summary>Whether what these regions have, or said, counts: any two such sets share a region.</summary>
    public bool IsQuorum(RegionSet regions) => regions.Count >= Majority;

    /// <summary>How many other regions must say what they hold, for one whose own store may have forgotten to know all that a majority, itself included, ever had: any so many share a region with each.</summary>
    public int OthersForAll => Math.Min(Regions - 1, Regions - Majority + 1);

    /// <summary>
    /// Whether the stores that answered have, together, all that a majority ever had: a majority of stores that are known to hold all that they held, or so many
    /// stores that any majority shares two of them, of which one may have forgotten.
    /// </summary>
    /// <param name="proven">How many of them are known to hold all that they held.</param>
    /// <param name="answered">How many answered.</param>
    public bool KnowAll(int proven, int answered) => proven >= Majority || answered >= Math.Min(Regions, OthersForAll + 1);
}
