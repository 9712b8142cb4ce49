namespace OrleansGeo.Tests.Histories;

internal enum VerdictKind
{
    /// <summary>There is an order that respects time and the model.</summary>
    Accepted,

    /// <summary>There is none.</summary>
    Refused,

    /// <summary>The search passed its limit. Nothing is known; a test treats it as a failure.</summary>
    GaveUp,
}
