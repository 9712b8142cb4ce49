namespace OrleansGeo.Protocol.Crdts;

/// <summary>All rows' fields under one key.</summary>
internal sealed class CrdtKey(string key, string stateName, bool isOverruledCount, int rows)
{
    public string Key { get; } = key;

    public string StateName { get; } = stateName;

    public bool IsOverruledCount { get; } = isOverruledCount;

    public CrdtCell[] Cells { get; } = new CrdtCell[rows];

    /// <summary>The own cell as it was before the pending write; meaningful while that is pending.</summary>
    public CrdtCell Before { get; set; }

    public bool IsPending { get; set; }

    /// <summary>The key waits for a turn of the clean-up.</summary>
    public bool IsQueued { get; set; }

    /// <summary>How many fields are values that nothing hides.</summary>
    public int Live { get; set; }

    /// <summary>How many of the values that can be seen here are overruled.</summary>
    public int Overruled { get; set; }

    public bool HasFields => Array.Exists(Cells, static cell => cell.Field is not null);
}
