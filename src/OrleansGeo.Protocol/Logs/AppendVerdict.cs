namespace OrleansGeo.Protocol.Logs;

/// <summary>What a store's fence says to an append.</summary>
public enum AppendVerdict
{
    /// <summary>The rows that were missing are stored now, or all were stored before.</summary>
    Stored,

    /// <summary>A higher epoch was promised, or this epoch to another region.</summary>
    Fenced,

    /// <summary>An entry before the rows is missing.</summary>
    Gap,

    /// <summary>The entry before the rows, or a row, was written by another epoch: the log must be cut first.</summary>
    Conflict,

    /// <summary>The records are being copied; rows wait until that is done.</summary>
    Copying,

    /// <summary>Other bytes stand at a row's epoch and position: two activations wrote with one token. The writer must open its log again.</summary>
    Diverged,

    /// <summary>
    /// A row is of a newer version than the region, or damaged: the region has not stored it, nor anything after it. Never a store's own verdict, which does not
    /// look into rows.
    /// </summary>
    Unreadable,
}
