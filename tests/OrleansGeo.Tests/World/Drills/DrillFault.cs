namespace OrleansGeo.Tests.World.Drills;

/// <summary>What goes wrong with a write.</summary>
internal enum DrillFault
{
    None,

    /// <summary>Acknowledged, and not there.</summary>
    Lost,

    /// <summary>Counted twice.</summary>
    Doubled,

    /// <summary>503, and nothing happened.</summary>
    Refused,

    /// <summary>503, which says that nothing happened: but it did.</summary>
    RefusedButDone,

    /// <summary>504 the first time, though it happened.</summary>
    Late,
}
