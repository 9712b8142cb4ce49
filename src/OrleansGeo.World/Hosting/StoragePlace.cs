namespace OrleansGeo.World.Hosting;

/// <summary>Where a region stores.</summary>
/// <param name="Kind">In what.</param>
/// <param name="Where">The path of the SQLite file or the account's connection string; null: in memory.</param>
internal sealed record StoragePlace(StorageKind Kind, string? Where)
{
    private const string Endpoint = "TableEndpoint=";

    /// <summary>For people: without keys.</summary>
    public string Description => Kind switch
    {
        StorageKind.Memory => "memory",
        StorageKind.Sqlite => Where!,
        _ => $"Azure Tables at {Where!.Split(';').FirstOrDefault(static part => part.StartsWith(Endpoint, StringComparison.OrdinalIgnoreCase))?[Endpoint.Length..] ?? "an account"}",
    };
}
