using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Gates;

/// <summary>One named state of an activation.</summary>
internal interface IGeoState
{
    /// <summary>Replaces the state object by what the record holds.</summary>
    void Load(EntityRecord record);

    /// <summary>Takes back what was not written.</summary>
    void Discard();

    /// <summary>Of a multi-writer entity: takes over what is new in the other regions' rows.</summary>
    void Merge()
    {
    }

    /// <summary>The state object is already what the record holds; only the version is new.</summary>
    void Committed(EntityRecord record);
}
