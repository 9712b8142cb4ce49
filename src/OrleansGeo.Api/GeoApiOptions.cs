namespace OrleansGeo.Api;

/// <summary>What an operator may choose about the web API.</summary>
public sealed class GeoApiOptions
{
    /// <summary>Bytes of one document, and of any other request body. Default 512 KiB; from 1 KiB to 16 MiB.</summary>
    public int MaxDocumentBytes { get; set; } = 512 * 1024;

    /// <summary>Levels of arrays and objects in a document. Default 64; from 1 to 512.</summary>
    public int MaxDocumentDepth { get; set; } = 64;

    /// <summary>How long a call may take when the request does not say. Default 15 s; positive, at most <see cref="MaxDeadline"/>.</summary>
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest <c>Geo-Deadline</c> that a request may ask for. Default 2 minutes; at most 5 minutes, which is the longest that a call may take.</summary>
    public TimeSpan MaxDeadline { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Readers of <c>/v1/geo/events</c> at the same time. Default 256; from 1 to 65,536.</summary>
    public int MaxEventStreams { get; set; } = 256;
}
