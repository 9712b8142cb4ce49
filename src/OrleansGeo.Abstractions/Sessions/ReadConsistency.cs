namespace OrleansGeo.Abstractions.Sessions;

/// <summary>How fresh a read must be.</summary>
public enum ReadConsistency
{
    /// <summary>The caller's own region answers: committed data, in order.</summary>
    Local = 0,

    /// <summary>The home answers: at least as new as every write acknowledged before the read began.</summary>
    Strong = 1,
}
