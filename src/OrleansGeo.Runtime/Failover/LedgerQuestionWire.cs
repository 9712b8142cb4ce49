namespace OrleansGeo.Runtime.Failover;

/// <summary>What one region's ledger asks the home of a shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Regions">Of which regions' replicas: whether each holds what earlier epochs left, so that whatever else it had is in its ledger.</param>
/// <param name="Entities">Of which requests: whether the log has each; the entity.</param>
/// <param name="Requests">The requests' ids, in the same order.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.ledger.question")]
internal sealed record LedgerQuestionWire(
    [property: Id(0)] string Shard, [property: Id(1)] string[] Regions, [property: Id(2)] string[] Entities, [property: Id(3)] string[] Requests);
