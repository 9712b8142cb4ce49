using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Server;

/// <summary>Who is let in through the doors of a silo, and whom a silo lets in where it dials.</summary>
[MostlyWaits]
public sealed class TlsTests : IAsyncLifetime, IDisposable
{
    private const string Region = "westeurope";

    private readonly ServerWorld _world = new(Region);
    private readonly TestAuthority _other = new("another CA");
    private readonly Dictionary<string, FakeGateway> _fakes = [];
    private RunningServer _server = null!;

    public async Task InitializeAsync()
    {
        _fakes["expired"] = FakeGateway.WithCertificate(_world.Authority.Issue("expired", -3, -1));
        _fakes["stranger"] = FakeGateway.WithCertificate(_other.Issue("stranger"));
        _fakes["misnamed"] = FakeGateway.WithCertificate(_world.Authority.Issue(Region));
        _fakes["plain"] = FakeGateway.WithoutTls();
        _fakes["silent"] = FakeGateway.Silent();

        var settings = _world.SettingsOf(Region);
        settings["Geo:Tls:HandshakeTimeout"] = "00:00:01";
        foreach (var ((name, fake), index) in _fakes.Select(static (fake, index) => (fake, index + 1)))
        {
            settings[$"Geo:Regions:{index}"] = name;
            settings[$"Geo:Peers:{index}:Name"] = name;
            settings[$"Geo:Peers:{index}:Gateways:0"] = fake.Address.ToString();
        }

        _server = await RunningServer.StartAsync(settings);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var fake in _fakes.Values)
        {
            await fake.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _other.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task Only_the_right_certificate_reaches_a_grain_and_files_that_change_count_from_the_next_connection_on()
    {
        await NobodyElseGetsInAsync();
        await APeerThatIsNotWhoItMustBeIsNamedAsync();
        await CertificatesAreReloadedAsync();
    }

    private async Task NobodyElseGetsInAsync()
    {
        // Against a test that refuses everybody: this one is let in.
        Assert.Null(await CallAsync(true, _world.Authority.Issue(Region)));
        Assert.DoesNotContain("refused the peer", _server.Log, StringComparison.Ordinal);

        Assert.NotNull(await CallAsync(false, null));
        await LoggedAsync("The gateway port refused the peer at 127.0.0.1:", "it does not speak TLS");
        Assert.NotNull(await CallAsync(true, null));
        await LoggedAsync("it showed no certificate");
        Assert.NotNull(await CallAsync(true, _world.Authority.Issue(Region, -3, -1)));
        await LoggedAsync($"its certificate, of {Region}, is not good: it is good from");
        Assert.NotNull(await CallAsync(true, _other.Issue(Region)));
        await LoggedAsync($"its certificate, of {Region}, is not good: it was issued by CN=another CA, which is not in CaFile");
        Assert.NotNull(await CallAsync(true, _world.Authority.Issue("northeurope")));
        await LoggedAsync("its certificate is of northeurope, not of westeurope or");

        // Another region of the world may use the gateway, but is no silo of this region.
        Assert.NotNull(await ForeignClient.CallAsync(_world.Silo(Region), Region, tls: true, _world.Authority.Issue("plain")));
        await LoggedAsync("The silo port refused the peer at 127.0.0.1:", "its certificate is of plain, not of westeurope");
    }

    private async Task APeerThatIsNotWhoItMustBeIsNamedAsync()
    {
        using var http = _world.Client(Region);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        await DownBecauseAsync("expired", "its certificate, of expired, is not good: it is good from");
        await DownBecauseAsync("stranger", "it was issued by CN=another CA, which is not in CaFile");
        await DownBecauseAsync("misnamed", "its certificate is of westeurope, not of misnamed");
        await DownBecauseAsync("plain", "it does not speak TLS");
        await DownBecauseAsync("silent", "it did not finish the TLS handshake within 1 s");
    }

    private async Task CertificatesAreReloadedAsync()
    {
        using var shown = _world.Authority.Issue(Region);
        var first = await ForeignClient.LookAsync(_world.Gateway(Region), shown);

        // A renewal that went wrong: the certificate is there, its key is not.
        File.WriteAllText(_world.Folder.File($"{Region}.pem"), shown.ExportCertificatePem());
        Assert.Equal(first.Thumbprint, (await ForeignClient.LookAsync(_world.Gateway(Region), shown)).Thumbprint);
        Assert.Null(await CallAsync(true, shown));
        await LoggedAsync("cannot be used, and the one before stays in use");

        // Another authority: who has a certificate of the old one is refused from now on.
        using var renewed = _other.Write(_world.Folder.Path, Region);
        Assert.Equal(renewed.Thumbprint, (await ForeignClient.LookAsync(_world.Gateway(Region), renewed)).Thumbprint);
        Assert.Null(await CallAsync(true, renewed));
        Assert.NotNull(await CallAsync(true, shown));
        await DownBecauseAsync("misnamed", "it was issued by CN=the world's CA, which is not in CaFile");
    }

    private Task<Exception?> CallAsync(bool tls, X509Certificate2? certificate) => ForeignClient.CallAsync(_world.Gateway(Region), Region, tls, certificate);

    private Task LoggedAsync(params string[] parts) => Wait.UntilAsync(
        $"the server logged '{string.Join("' and '", parts)}', it has:\n{_server.Log}",
        () => Task.FromResult(_server.Log.Split('\n').Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal)))));

    private async Task DownBecauseAsync(string peer, string reason)
    {
        Assert.True(_server.Services.GetRequiredService<IRegionLinks>().TryGet(new RegionId(peer), out var link));
        await Wait.UntilAsync(
            $"the link to {peer} is down because '{reason}', not '{link.DownReason}'",
            () => Task.FromResult(link.DownReason?.Contains($"{peer} at {_fakes[peer].Address} is not let in", StringComparison.Ordinal) == true && link.DownReason.Contains(reason, StringComparison.Ordinal)));
    }
}
