using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Crdts;

/// <summary>A row's place under a key: the version that wrote it last, and the field unless that deleted it. The version of an own write that has none yet is <see cref="Unstaged"/>.</summary>
internal readonly record struct CrdtCell(RecordVersion Version, CrdtField? Field)
{
    /// <summary>Above every version: nobody else can have seen it.</summary>
    public static RecordVersion Unstaged => new(long.MaxValue, new(long.MaxValue));
}
