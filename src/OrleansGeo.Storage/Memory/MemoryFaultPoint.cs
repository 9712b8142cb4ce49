namespace OrleansGeo.Storage.Memory;

/// <summary>When a mutation that is made to fail does so.</summary>
public enum MemoryFaultPoint
{
    /// <summary>It changes nothing, as if the store could not be reached.</summary>
    BeforeEffect,

    /// <summary>It is durable, and only its answer is lost.</summary>
    AfterEffect,
}
