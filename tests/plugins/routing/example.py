"""A routing.yaml as a process owner would write it."""

EXAMPLE = """\
order: [urgent, vip, complaints, high, normal, low]   # who is served first
rise_after: 5                                         # overtaken so often, a ticket rises a class
zone: Asia/Shanghai
capacity: 4
vip: {tiers: [vip, gold], skills: {vip: 1}, overflow: [senior, {after: 5 minutes, to: inquiries}]}

skills:
  refunds: {en: Refunds, zh: 退款}
  english: {en: English, zh: 英语}
  vip: {en: VIP service, zh: VIP服务}
  senior: {en: Senior agent, zh: 高级客服员}
  languages: {en: Many languages, zh: 多语种}
teams:
  front_1: {en: Front 1, zh: 前台一班}
shifts:
  early: {title: {en: Early, zh: 早班}, hours: {mon-fri: "07:00-11:30, 12:00-15:00"}}
  night: {title: {en: Night, zh: 夜班}, hours: {fri-sun: 22:00-06:00}}
groups:
  senior: {title: {en: Senior agents, zh: 高级客服员}, skills: {senior: 1}}
  languages:
    title: {en: Multi-language group, zh: 多语种组}
    skills: {languages: 1}
    stands_for: [english]
asks:
  - {when: {customer.language: en}, skills: {english: 1}}
queues:
  complaints:
    title: {en: Complaints, zh: 投诉}
    accepts:
      - {workflow: complaint, state: [registered, proposing]}
    skills: {refunds: 2}
    strategy: least_loaded
    never: earlier_handlers_of_lineage
    overflow:
      - {after: 10 minutes, to: languages}
  inquiries:
    title: {en: Inquiries, zh: 咨询}
    accepts: everything
    teams: [front_1]
    sticky: previous_handler
    vip: like_others
agents:
  chen_jing: {skills: {refunds: 2, english: 1}, teams: [front_1], shift: early}
  zhou_qiang: {skills: {refunds: 3, senior: 1}, capacity: 2, shift: [early, night], weight: 2}
"""
