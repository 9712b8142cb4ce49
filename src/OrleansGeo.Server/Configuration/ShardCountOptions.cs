namespace OrleansGeo.Server.Configuration;

/// <summary>How many shards the world has. The same in every region, and fixed when the world is created.</summary>
internal sealed class ShardCountOptions
{
    /// <summary>Hash shards per family. 1 to 4096.</summary>
    public int Hash { get; set; } = 64;

    /// <summary>Affine shards per family and region. 1 to 256.</summary>
    public int PerRegion { get; set; } = 8;
}
