using Azure.Data.Tables;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>What operations count for against the limits of one transaction. The body is estimated, never too low.</summary>
internal readonly record struct TransactionCost(int Operations, long BodyBytes)
{
    /// <summary>Of the multipart frame, the request line and the headers of one operation.</summary>
    private const int OperationBytes = 1024;

    /// <summary>Of the names, types and quotes of one property in JSON.</summary>
    private const int PropertyBytes = 64;

    /// <summary>Room for the frame of the whole.</summary>
    private const int FrameBytes = 16 * 1024;

    public bool Fits => Operations <= TableLimits.Operations && BodyBytes <= TableLimits.BodyBytes - FrameBytes;

    public static TransactionCost operator +(TransactionCost left, TransactionCost right) =>
        new(left.Operations + right.Operations, left.BodyBytes + right.BodyBytes);

    public static TransactionCost Of(TableTransactionAction action)
    {
        // Keys stand in the address, where each character may take three, and in the body.
        var keys = action.Entity.PartitionKey.Length + action.Entity.RowKey.Length;
        var bytes = OperationBytes + (4L * keys);
        if (action.ActionType != TableTransactionActionType.Delete && action.Entity is TableEntity entity)
        {
            foreach (var (name, value) in Properties(entity))
            {
                bytes += PropertyBytes + (2 * name.Length) + value switch
                {
                    byte[] binary => ((binary.Length + 2L) / 3) * 4,
                    string text => 6L * text.Length,
                    _ => 40,
                };
            }
        }

        return new(1, bytes);
    }

    public static TransactionCost Of(IEnumerable<TableTransactionAction> actions) =>
        actions.Aggregate(default(TransactionCost), static (sum, action) => sum + Of(action));

    /// <summary>What the service counts an entity for.</summary>
    public static long EntityBytes(TableEntity entity)
    {
        var bytes = 4 + (2L * (entity.PartitionKey.Length + entity.RowKey.Length));
        foreach (var (name, value) in Properties(entity))
        {
            bytes += 8 + (2 * name.Length) + ValueBytes(value);
        }

        return bytes;
    }

    public static long ValueBytes(object? value) => value switch
    {
        byte[] binary => 4 + binary.Length,
        string text => 4 + (2L * text.Length),
        int => 4,
        bool => 1,
        Guid => 16,
        _ => 8,
    };

    public static IEnumerable<KeyValuePair<string, object>> Properties(TableEntity entity) =>
        entity.Where(static property => property.Key is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"));
}
