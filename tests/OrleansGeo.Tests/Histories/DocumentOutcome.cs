namespace OrleansGeo.Tests.Histories;

internal enum DocumentOutcome
{
    /// <summary>The get found a value.</summary>
    Found,

    /// <summary>There is no document; a delete did nothing.</summary>
    Absent,

    /// <summary>The value was put where there was none.</summary>
    Created,

    /// <summary>The value was put in another's place.</summary>
    Replaced,

    /// <summary>The value was put; the system does not say over what.</summary>
    Written,

    /// <summary>The value is gone.</summary>
    Deleted,

    /// <summary>The swap's condition did not hold. Nothing happened.</summary>
    Refused,

    /// <summary>Nothing happened, except that the session was told of the loss of what it had seen.</summary>
    WriteLost,
}
