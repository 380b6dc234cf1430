"""What Graph adds up itself about Skype for Business: by day, and by device in the period."""

from o365skype_bridge.model.shape import BY_DAY, ONE_ROW
from o365skype_bridge.model.units import COUNT, MINUTES, USERS
from o365skype_bridge.reports.figures import by_column, report

KINDS = (
    ("windows", "Windows", "Windows"),
    ("windowsphone", "Windows Phone", "Windows Phone"),
    ("android", "Android Phone", "Android Phone"),
    ("iphone", "iPhone", "iPhone"),
    ("ipad", "iPad", "iPad"),
)
ACTIVITIES = (
    ("p2p", "peer-to-peer sessions", "Peer-to-peer"),
    ("organized", "organized conferences", "Organized"),
    ("participated", "joined conferences", "Participated"),
)
IN_CONFERENCE = (
    ("im", "instant messages", "IM"),
    ("av", "audio or video", "Audio/Video"),
    ("sharing", "application sharing", "App Sharing"),
    ("web", "web access", "Web"),
    ("dial3rd", "dial-in or dial-out by others", "Dial-in/out 3rd Party"),
)
ORGANIZED = (*IN_CONFERENCE, ("dial", "dial-in or dial-out by Microsoft", "Dial-in/out Microsoft"))
BETWEEN_TWO = (
    ("im", "instant messages", "IM"),
    ("audio", "audio", "Audio"),
    ("video", "video", "Video"),
    ("sharing", "application sharing", "App Sharing"),
    ("files", "file transfer", "File Transfer"),
)
PRODUCT = "Skype for Business"
GRAPH = "getSkypeForBusiness"

REPORTS = (
    report(
        "skype-activity-counts",
        f"{PRODUCT} activity by day",
        f"{GRAPH}ActivityCounts",
        BY_DAY,
        "skype.activity",
        *by_column(
            "skype.activity.*.count",
            COUNT,
            "type",
            ACTIVITIES,
            "All {} of the day.",
            "Activity: {}",
        ),
    ),
    report(
        "skype-activity-user-counts",
        f"{PRODUCT} users by activity and day",
        f"{GRAPH}ActivityUserCounts",
        BY_DAY,
        "skype.activity.users",
        *by_column(
            "skype.activity.users.*.count",
            USERS,
            "type",
            ACTIVITIES,
            "Users with {} on the day.",
            "Users with {}",
        ),
    ),
    report(
        "skype-devices-user-counts",
        f"{PRODUCT} users by device and day",
        f"{GRAPH}DeviceUsageUserCounts",
        BY_DAY,
        "skype.devices.daily",
        *by_column(
            "skype.devices.daily.*.count",
            USERS,
            "device",
            KINDS,
            f"Users of {PRODUCT} on {{}} on the day.",
            "Users on {} by day",
        ),
    ),
    report(
        "skype-devices-distribution",
        f"{PRODUCT} users by device in the period",
        f"{GRAPH}DeviceUsageDistributionUserCounts",
        ONE_ROW,
        "skype.devices.period",
        *by_column(
            "skype.devices.period.*.count",
            USERS,
            "device",
            KINDS,
            f"Users of {PRODUCT} on {{}} in the period, each once.",
            "Users on {} in the period",
        ),
    ),
    report(
        "skype-organizer-counts",
        f"{PRODUCT} organized conferences by day",
        f"{GRAPH}OrganizerActivityCounts",
        BY_DAY,
        "skype.organizer",
        *by_column(
            "skype.organizer.*.count",
            COUNT,
            "kind",
            ORGANIZED,
            "Conferences with {} organized on the day.",
            "Organized with {}",
        ),
    ),
    report(
        "skype-organizer-user-counts",
        f"{PRODUCT} organizers by day",
        f"{GRAPH}OrganizerActivityUserCounts",
        BY_DAY,
        "skype.organizer.users",
        *by_column(
            "skype.organizer.users.*.count",
            USERS,
            "kind",
            ORGANIZED,
            "Users who organized a conference with {} on the day.",
            "Organizers with {}",
        ),
    ),
    report(
        "skype-organizer-minute-counts",
        f"{PRODUCT} minutes of organized conferences by day",
        f"{GRAPH}OrganizerActivityMinuteCounts",
        BY_DAY,
        "skype.organizer.minutes",
        *by_column(
            "skype.organizer.minutes.*",
            MINUTES,
            "kind",
            (
                ("av", "audio or video", "Audio/Video"),
                ("dialin", "dial-in by Microsoft", "Dial-in Microsoft"),
                ("dialout", "dial-out by Microsoft", "Dial-out Microsoft"),
            ),
            "Minutes of {} in conferences organized on the day.",
            "Organized minutes of {}",
        ),
    ),
    report(
        "skype-participant-counts",
        f"{PRODUCT} joined conferences by day",
        f"{GRAPH}ParticipantActivityCounts",
        BY_DAY,
        "skype.participant",
        *by_column(
            "skype.participant.*.count",
            COUNT,
            "kind",
            IN_CONFERENCE,
            "Conferences with {} joined on the day.",
            "Joined with {}",
        ),
    ),
    report(
        "skype-participant-user-counts",
        f"{PRODUCT} participants by day",
        f"{GRAPH}ParticipantActivityUserCounts",
        BY_DAY,
        "skype.participant.users",
        *by_column(
            "skype.participant.users.*.count",
            USERS,
            "kind",
            IN_CONFERENCE,
            "Users who joined a conference with {} on the day.",
            "Participants with {}",
        ),
    ),
    report(
        "skype-participant-minute-counts",
        f"{PRODUCT} minutes of joined conferences by day",
        f"{GRAPH}ParticipantActivityMinuteCounts",
        BY_DAY,
        "skype.participant.minutes",
        *by_column(
            "skype.participant.minutes.*",
            MINUTES,
            "kind",
            (("av", "audio or video", "Audio/Video"),),
            "Minutes of {} in conferences joined on the day.",
            "Joined minutes of {}",
        ),
    ),
    report(
        "skype-p2p-counts",
        f"{PRODUCT} peer-to-peer sessions by day",
        f"{GRAPH}PeerToPeerActivityCounts",
        BY_DAY,
        "skype.p2p",
        *by_column(
            "skype.p2p.*.count",
            COUNT,
            "kind",
            BETWEEN_TWO,
            "Peer-to-peer sessions with {} on the day.",
            "Peer-to-peer with {}",
        ),
    ),
    report(
        "skype-p2p-user-counts",
        f"{PRODUCT} users of peer-to-peer sessions by day",
        f"{GRAPH}PeerToPeerActivityUserCounts",
        BY_DAY,
        "skype.p2p.users",
        *by_column(
            "skype.p2p.users.*.count",
            USERS,
            "kind",
            BETWEEN_TWO,
            "Users of peer-to-peer sessions with {} on the day.",
            "Peer-to-peer users with {}",
        ),
    ),
    report(
        "skype-p2p-minute-counts",
        f"{PRODUCT} minutes of peer-to-peer sessions by day",
        f"{GRAPH}PeerToPeerActivityMinuteCounts",
        BY_DAY,
        "skype.p2p.minutes",
        *by_column(
            "skype.p2p.minutes.*",
            MINUTES,
            "kind",
            (("audio", "audio", "Audio"), ("video", "video", "Video")),
            "Minutes of {} in peer-to-peer sessions on the day.",
            "Peer-to-peer minutes of {}",
        ),
    ),
)
