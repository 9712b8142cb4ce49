namespace OrleansGeo.Tests.Histories;

/// <summary>How an operation of a history was asked for: the consistencies of the design, whether or not there is code for them yet.</summary>
internal enum SessionConsistency
{
    Local,
    Bounded,
    Session,
    Strong,
}
