using Microsoft.Extensions.Logging;

namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>The lifecycle of one user's object: what its states and services subscribe to. It begins and ends with the object, of which an activation has several, one after the other.</summary>
internal sealed class ObjectLifecycle(ILogger logger) : LifecycleSubject(logger), IGrainLifecycle
{
    // An entity moves with its shard, not by itself: nobody carries anything along.
    public void AddMigrationParticipant(IGrainMigrationParticipant participant)
    {
    }

    public void RemoveMigrationParticipant(IGrainMigrationParticipant participant)
    {
    }
}
