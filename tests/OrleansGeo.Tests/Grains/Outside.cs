namespace OrleansGeo.Tests.Grains;

/// <summary>Where code of a grain runs that belongs to no open request.</summary>
public enum Outside
{
    /// <summary>What goes on after the request that began it.</summary>
    EndedRequest,

    TaskRun,

    ThreadingTimer,

    /// <summary>A tick of a grain's timer that interleaves.</summary>
    InterleavedTick,
}
