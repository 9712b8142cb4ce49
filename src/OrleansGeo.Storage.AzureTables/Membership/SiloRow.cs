using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Orleans;
using Orleans.Runtime;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>One silo's row. Names and formats are those of Orleans' own provider, pinned by a test: silos of both may be members of one cluster.</summary>
internal static class SiloRow
{
    public const string Status = nameof(Status);
    public const string ProxyPort = nameof(ProxyPort);
    private const string DeploymentId = nameof(DeploymentId);
    private const string Address = nameof(Address);
    private const string Port = nameof(Port);
    private const string Generation = nameof(Generation);
    private const string HostName = nameof(HostName);
    private const string RoleName = nameof(RoleName);
    private const string SiloName = nameof(SiloName);
    private const string InstanceName = nameof(InstanceName);
    private const string UpdateZone = nameof(UpdateZone);
    private const string FaultZone = nameof(FaultZone);
    private const string SuspectingSilos = nameof(SuspectingSilos);
    private const string SuspectingTimes = nameof(SuspectingTimes);
    private const string StartTime = nameof(StartTime);
    private const string IAmAliveTime = nameof(IAmAliveTime);
    private const char Separator = '|';

    public static string KeyOf(SiloAddress silo) => string.Create(CultureInfo.InvariantCulture, $"{silo.Endpoint.Address}-{silo.Endpoint.Port}-{silo.Generation}");

    public static TableEntity Write(string clusterId, MembershipEntry entry)
    {
        var silo = entry.SiloAddress;
        var row = new TableEntity(clusterId, KeyOf(silo))
        {
            [DeploymentId] = clusterId,
            [Address] = silo.Endpoint.Address.ToString(),
            [Port] = Text(silo.Endpoint.Port),
            [Generation] = Text(silo.Generation),
            [Status] = entry.Status.ToString(),
            [ProxyPort] = Text(entry.ProxyPort),
            [UpdateZone] = Text(entry.UpdateZone),
            [FaultZone] = Text(entry.FaultZone),
            [SuspectingSilos] = Joined(entry, static vote => vote.Item1.ToParsableString()),
            [SuspectingTimes] = Joined(entry, static vote => RowTime.Write(vote.Item2)),
            [StartTime] = RowTime.Write(entry.StartTime),
            [IAmAliveTime] = RowTime.Write(entry.IAmAliveTime),
        };
        AddIfThere(row, HostName, entry.HostName);
        AddIfThere(row, RoleName, entry.RoleName);
        AddIfThere(row, SiloName, entry.SiloName);

        // What SiloName was called in old versions, whose silos and tools still look for it.
        AddIfThere(row, InstanceName, entry.SiloName);
        return row;
    }

    /// <summary>Only the time, to be merged into the silo's row.</summary>
    public static TableEntity WriteHeartbeat(string clusterId, MembershipEntry entry) =>
        new(clusterId, KeyOf(entry.SiloAddress)) { [IAmAliveTime] = RowTime.Write(entry.IAmAliveTime) };

    /// <exception cref="MembershipTableException">The row is malformed. It is not passed over: a silo that a reader leaves out would be taken for gone.</exception>
    public static MembershipEntry Read(TableEntity row, string table)
    {
        var fields = new RowFields(row, table);
        var entry = new MembershipEntry
        {
            SiloAddress = ReadAddress(fields),
            Status = ReadStatus(fields),
            ProxyPort = fields.Number(ProxyPort),
            HostName = fields.Text(HostName)!,
            RoleName = fields.Text(RoleName),
            SiloName = (fields.Text(SiloName) ?? fields.Text(InstanceName))!,
            UpdateZone = fields.Number(UpdateZone),
            FaultZone = fields.Number(FaultZone),
            StartTime = fields.Time(StartTime),
            IAmAliveTime = fields.Time(IAmAliveTime),
        };
        if (KeyOf(entry.SiloAddress) != row.RowKey)
        {
            throw fields.Malformed($"It holds the silo {KeyOf(entry.SiloAddress)}.");
        }

        AddVotes(fields, entry);
        return entry;
    }

    /// <summary>When the silo was last heard of: its start, its last sign of life, or the last vote against it.</summary>
    public static DateTime LastUpdate(MembershipEntry entry)
    {
        var last = entry.StartTime > entry.IAmAliveTime ? entry.StartTime : entry.IAmAliveTime;
        return entry.SuspectTimes?.Select(static vote => vote.Item2).Append(last).Max() ?? last;
    }

    private static SiloAddress ReadAddress(RowFields fields)
    {
        var text = fields.Required(Address);
        if (!IPAddress.TryParse(text, out var address))
        {
            throw fields.Malformed($"{Address} '{text}' is not an IP address.");
        }

        var port = fields.RequiredNumber(Port);
        return port is > IPEndPoint.MinPort and <= IPEndPoint.MaxPort
            ? SiloAddress.New(address, port, fields.RequiredNumber(Generation))
            : throw fields.Malformed($"{Port} {port} is not a port.");
    }

    private static SiloStatus ReadStatus(RowFields fields)
    {
        var text = fields.Required(Status);
        return Enum.TryParse<SiloStatus>(text, out var status) && Enum.IsDefined(status)
            ? status
            : throw fields.Malformed($"{Status} '{text}' is none of {string.Join(", ", Enum.GetNames<SiloStatus>())}.");
    }

    private static void AddVotes(RowFields fields, MembershipEntry entry)
    {
        var silos = fields.Text(SuspectingSilos)?.Split(Separator) ?? [];
        var times = fields.Text(SuspectingTimes)?.Split(Separator) ?? [];
        if (silos.Length != times.Length)
        {
            throw fields.Malformed($"{SuspectingSilos} has {silos.Length} silos, {SuspectingTimes} has {times.Length} times.");
        }

        foreach (var (silo, time) in silos.Zip(times))
        {
            if (!SiloAddress.TryParse(silo, null, out var suspecting))
            {
                throw fields.Malformed($"{SuspectingSilos} '{silo}' is not a silo like '10.0.0.1:11111@7'.");
            }

            entry.AddSuspector(suspecting, fields.Time(SuspectingTimes, time));
        }
    }

    private static string Joined(MembershipEntry entry, Func<Tuple<SiloAddress, DateTime>, string> part) => string.Join(Separator, (entry.SuspectTimes ?? []).Select(part));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void AddIfThere(TableEntity row, string name, string? value)
    {
        if (value is not null)
        {
            row[name] = value;
        }
    }
}
