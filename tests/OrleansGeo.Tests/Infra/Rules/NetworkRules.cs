using System.Net;
using System.Text.Json.Nodes;

namespace OrleansGeo.Tests.Infra.Rules;

/// <summary>Networks, and what leads from one to another.</summary>
internal static class NetworkRules
{
    private const string Peering = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
    private const string Endpoint = "Microsoft.Network/privateEndpoints";
    private const string ZoneLink = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

    public static IEnumerable<Rule> All =>
    [
        new(
            "Address spaces do not overlap",
            static template => Overlaps([.. template.Networks.Select(static network => (network.Id(), network.TextAt("addressSpace.addressPrefixes.0")!))]),
            static template => template.Networks.Last().At("addressSpace.addressPrefixes")![0] = "10.64.128.0/17"),
        new(
            "Subnets lie in their network and do not overlap",
            static template => template.Networks.SelectMany(SubnetProblems),
            static template => template.Networks.First().At("subnets.1.properties")!["addressPrefix"] = "10.64.1.0/24"),
        new(
            "Peerings are a full mesh",
            MeshProblems,
            static template => Rule.Set(template.Of(Peering).First(), "remoteVirtualNetwork.id", template.Of(Peering).First().Id())),
        Rule.Of("Peered networks reach each other", Peering, "allowVirtualNetworkAccess", "true", JsonValue.Create(false)),
        new(
            "A private name is known in its own region's network only",
            static template => template.Of(ZoneLink)
                .Where(static link => ResourceExtensions.GroupOf(link.TextAt("virtualNetwork.id")!) != link.Group())
                .Select(static link => $"{link.Id()} leads to {link.TextAt("virtualNetwork.id")}."),
            static template => Rule.Set(template.Of(ZoneLink).First(), "virtualNetwork.id", template.Networks.Last().Id())),
        Reached("Every store is reached by a private endpoint", "Microsoft.Storage/storageAccounts", "table"),
        Reached("Every vault is reached by a private endpoint", "Microsoft.KeyVault/vaults", "vault"),
    ];

    private static Rule Reached(string name, string type, string part) => new(
        name,
        template => template.Of(type).Where(service => !template.Of(Endpoint).Any(endpoint => LeadsTo(endpoint, service, part))).Select(static service => service.Id()),
        template => Rule.Set(
            template.Of(Endpoint).First(endpoint => LeadsTo(endpoint, template.Of(type).First(), part)),
            "privateLinkServiceConnections.0.properties.privateLinkServiceId",
            template.Of(type).Last().Id()));

    private static bool LeadsTo(JsonNode endpoint, JsonNode service, string part) =>
        endpoint.Group() == service.Group()
        && endpoint.TextAt("privateLinkServiceConnections.0.properties.privateLinkServiceId") == service.Id()
        && endpoint.TextAt("privateLinkServiceConnections.0.properties.groupIds.0") == part;

    private static IEnumerable<string> MeshProblems(ExpandedTemplate template)
    {
        var there = template.Of(Peering)
            .Select(static peering => (From: peering.Id()[..peering.Id().IndexOf("/virtualNetworkPeerings/", StringComparison.Ordinal)], To: peering.TextAt("remoteVirtualNetwork.id")!))
            .ToHashSet();
        var wanted = template.Networks
            .SelectMany(from => template.Networks.Where(to => to != from).Select(to => (From: from.Id(), To: to.Id())))
            .ToHashSet();
        return wanted.Except(there).Select(static pair => $"{pair.From} is not peered with {pair.To}.")
            .Concat(there.Except(wanted).Select(static pair => $"{pair.From} is peered with {pair.To}, for which there is no reason."));
    }

    private static IEnumerable<string> SubnetProblems(JsonNode network)
    {
        var space = IPNetwork.Parse(network.TextAt("addressSpace.addressPrefixes.0")!);
        var subnets = network.ListAt("subnets").Select(subnet => ($"{network.Id()}/{subnet.Name()}", subnet["properties"]!["addressPrefix"]!.ToString())).ToList();
        return Overlaps(subnets).Concat(subnets
            .Where(subnet => !space.Contains(IPNetwork.Parse(subnet.Item2).BaseAddress) || IPNetwork.Parse(subnet.Item2).PrefixLength < space.PrefixLength)
            .Select(subnet => $"{subnet.Item1} {subnet.Item2} is not in {space}."));
    }

    private static IEnumerable<string> Overlaps(List<(string Name, string Addresses)> all) =>
        from one in all
        from other in all
        where string.CompareOrdinal(one.Name, other.Name) < 0
        let first = IPNetwork.Parse(one.Addresses)
        let second = IPNetwork.Parse(other.Addresses)
        where first.Contains(second.BaseAddress) || second.Contains(first.BaseAddress)
        select $"{one.Name} {first} overlaps {other.Name} {second}.";
}
