using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>Refuses a transaction that Azure Tables would refuse, before it is sent: an emulator lets most of these through, and a test on it would tell nothing.</summary>
internal static class TransactionGuard
{
    /// <exception cref="InvalidOperationException">Two partitions, one row twice, or a key that cannot be: the store is wrong.</exception>
    /// <exception cref="RegionStoreException">Too large. Nothing was sent.</exception>
    public static void Check(IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count == 0)
        {
            throw new InvalidOperationException("A transaction needs an operation.");
        }

        Require(actions.Count, TableLimits.Operations, "operations", "a transaction");
        var rows = new HashSet<string>(StringComparer.Ordinal);
        foreach (var action in actions)
        {
            var (partition, row) = (action.Entity.PartitionKey, action.Entity.RowKey);
            if (partition != actions[0].Entity.PartitionKey)
            {
                throw new InvalidOperationException($"A transaction is of one partition, and this one has '{actions[0].Entity.PartitionKey}' and '{partition}'.");
            }

            if (!rows.Add(row))
            {
                throw new InvalidOperationException($"A transaction names a row once, and this one has '{row}' twice.");
            }

            CheckKey(partition);
            CheckKey(row);
            if (action.Entity is TableEntity entity)
            {
                CheckEntity(entity);
            }
        }

        var cost = TransactionCost.Of(actions);
        if (!cost.Fits)
        {
            throw TooLarge($"a transaction of about {cost.BodyBytes} bytes", $"{TableLimits.BodyBytes} bytes");
        }
    }

    private static void CheckKey(string key)
    {
        Require(2L * key.Length, TableLimits.KeyBytes, "bytes", "a key");
        foreach (var unit in key)
        {
            if (unit is '/' or '\\' or '#' or '?' || char.IsControl(unit) || char.IsSurrogate(unit))
            {
                throw new InvalidOperationException($"A key may not have the character U+{(int)unit:X4}: escape it ({nameof(KeyText)}).");
            }
        }
    }

    private static void CheckEntity(TableEntity entity)
    {
        var properties = 0;
        foreach (var (name, value) in TransactionCost.Properties(entity))
        {
            properties++;
            Require(TransactionCost.ValueBytes(value) - 4, TableLimits.PropertyBytes, "bytes", $"the property {name} of '{entity.RowKey}'");
        }

        Require(properties, TableLimits.Properties, "properties", $"the row '{entity.RowKey}'");
        Require(TransactionCost.EntityBytes(entity), TableLimits.EntityBytes, "bytes", $"the row '{entity.RowKey}'");
    }

    private static void Require(long actual, long limit, string unit, string what)
    {
        if (actual > limit)
        {
            throw TooLarge($"{what} of {actual} {unit}", $"{limit} {unit}");
        }
    }

    private static RegionStoreException TooLarge(string what, string limit) =>
        new(RegionStoreFailure.TooLarge, $"Azure Tables does not take {what}: the limit is {limit}. Nothing was sent; make it smaller.");
}
