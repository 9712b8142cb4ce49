namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>What Azure Tables takes. An emulator may take more, so the store keeps to these by itself.</summary>
/// <remarks>Source: "Performing entity group transactions" and "Understanding the Table service data model", Microsoft Learn.</remarks>
internal static class TableLimits
{
    /// <summary>Operations of one transaction.</summary>
    public const int Operations = 100;

    /// <summary>Bytes of a transaction as it is sent: binary values travel as base64.</summary>
    public const int BodyBytes = 4 * 1024 * 1024;

    public const int EntityBytes = 1024 * 1024;

    public const int PropertyBytes = 64 * 1024;

    /// <summary>Bytes of a key, at two a character.</summary>
    public const int KeyBytes = 1024;

    /// <summary>Beside keys and timestamp.</summary>
    public const int Properties = 252;
}
