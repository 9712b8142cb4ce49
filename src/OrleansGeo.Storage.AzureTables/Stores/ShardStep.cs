namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>What one call does to a head: decides by the rules, and adds to the transaction what else must be written. Asked again on a newer head when another writer was first.</summary>
/// <returns>The head afterwards, the same when nothing changes, and the answer.</returns>
internal delegate Task<(HeadState Next, T Answer)> ShardStep<T>(ShardPlan plan, HeadState head);
