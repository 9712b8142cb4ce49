using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansGeo.Api;
using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Tests.Api;

public sealed class GeoApiOptionsTests
{
    [Fact]
    public void Everything_that_is_wrong_is_listed_at_once()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Options<GeoApiOptions>(static options =>
        {
            options.MaxDocumentBytes = 10;
            options.MaxDocumentDepth = 0;
            options.MaxDeadline = TimeSpan.FromHours(2);
            options.DefaultDeadline = TimeSpan.Zero;
            options.MaxEventStreams = 0;
        }));
        Assert.Equal(5, failure.Failures.Count());
    }

    [Fact]
    public void The_server_and_the_runtime_have_room_for_the_largest_document()
    {
        Assert.True(Options<KestrelServerOptions>(static options => options.MaxDocumentBytes = 2_000_000).Limits.MaxRequestBodySize > 2_000_000);
        Assert.True(Options<GeoLimits>(static options => options.MaxDocumentBytes = 2_000_000).RecordBytes > 2_000_000);
        Assert.True(Options<GeoLimits>(static options => options.MaxDocumentBytes = 2_000_000).ResponseBytes > 2_000_000);
    }

    private static T Options<T>(Action<GeoApiOptions> configure)
        where T : class
    {
        using var services = new ServiceCollection().AddLogging().AddGeoApi(configure).BuildServiceProvider();
        return services.GetRequiredService<IOptions<T>>().Value;
    }
}
