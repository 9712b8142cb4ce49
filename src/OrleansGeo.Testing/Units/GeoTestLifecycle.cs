using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace OrleansGeo.Testing;

/// <summary>The lifecycle of a grain under test. Nothing migrates.</summary>
internal sealed class GeoTestLifecycle() : LifecycleSubject(NullLogger.Instance), IGrainLifecycle
{
    public void AddMigrationParticipant(IGrainMigrationParticipant participant)
    {
    }

    public void RemoveMigrationParticipant(IGrainMigrationParticipant participant)
    {
    }
}
