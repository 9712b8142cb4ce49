namespace OrleansGeo.Api.Requests;

/// <summary>The names of the web API's own headers.</summary>
internal static class GeoHeaders
{
    public const string Consistency = "Geo-Consistency";
    public const string Session = "Geo-Session";
    public const string Deadline = "Geo-Deadline";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Home = "Geo-Home";
    public const string ServedBy = "Geo-Served-By";
    public const string Role = "Geo-Role";
    public const string Epoch = "Geo-Epoch";
    public const string Version = "Geo-Version";
    public const string StalenessMs = "Geo-Staleness-Ms";
}
