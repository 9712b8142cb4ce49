namespace OrleansGeo.Tests.Checks;

/// <summary>A state as the author of a plain grain may have it: no codec, a field, a get-only list, private setters, a comparer, a field of its own.</summary>
public class PlainAccountState
{
    private int _entries;

#pragma warning disable CA1051 // The point of it.
    public int Field;
#pragma warning restore CA1051

    public int Property { get; set; } = 3;

    public List<string> Items { get; } = ["made"];

    public Dictionary<string, decimal> Balances { get; private set; } = new(StringComparer.OrdinalIgnoreCase);

    public DateTimeOffset? LastCredit { get; private set; }

    public object? Note { get; set; }

    public int Entries => _entries;

    public void Credit(string owner, decimal amount)
    {
        _entries++;
        LastCredit = DateTimeOffset.UnixEpoch;
        Balances[owner] = Balances.GetValueOrDefault(owner) + amount;
    }
}
