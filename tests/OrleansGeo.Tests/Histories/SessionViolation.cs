namespace OrleansGeo.Tests.Histories;

/// <summary>Two operations that a session must not see one after the other.</summary>
internal sealed record SessionViolation(string Rule, SessionOperation Earlier, SessionOperation Later)
{
    public override string ToString() => $"{Rule}{Environment.NewLine}  first {Earlier}{Environment.NewLine}  then {Later}";
}
