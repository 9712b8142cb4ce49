namespace OrleansGeo.Protocol.Crdts;

/// <summary>The rules of a view that a test goes without, to show that a property notices; all hold otherwise.</summary>
internal sealed record CrdtRules
{
    public static CrdtRules All { get; } = new();

    /// <summary>A version of a later incarnation is newer, whatever its position.</summary>
    public bool IncarnationFirst { get; init; } = true;

    /// <summary>Clean-up waits until every region has what makes it safe.</summary>
    public bool WaitForEverywhere { get; init; } = true;

    /// <summary>Clean-up of a field waits until every region has that field, and so nothing older of the row.</summary>
    public bool WaitForOwn { get; init; } = true;

    /// <summary>Clean-up of a field waits until what it hides is gone everywhere.</summary>
    public bool WaitForHidden { get; init; } = true;

    /// <summary>Clean-up of a hidden value waits until what hides it is everywhere.</summary>
    public bool WaitForHiding { get; init; } = true;

    /// <summary>Adding a member that is there is a write, too: it gets a version that no concurrent remove has seen.</summary>
    public bool AddIsAlwaysWritten { get; init; } = true;

    /// <summary>A write goes on hiding what the row's earlier field hid.</summary>
    public bool CarrySeen { get; init; } = true;

    /// <summary>A remove leaves a tombstone.</summary>
    public bool RemoveLeavesTombstone { get; init; } = true;

    /// <summary>A write says which of the fields that it hides had lost already.</summary>
    public bool FlagOverruled { get; init; } = true;

    /// <summary>An owner counts its overruled field when it replaces it.</summary>
    public bool CountOverruled { get; init; } = true;
}
