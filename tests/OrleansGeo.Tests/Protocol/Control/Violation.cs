namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>An invariant does not hold.</summary>
internal sealed class Violation(string message) : Exception(message)
{
    public static void Unless(bool holds, FormattableString message)
    {
        if (!holds)
        {
            throw new Violation(FormattableString.Invariant(message));
        }
    }
}
